from django.urls import path

from tasks.api.boards import BoardColumns, BoardDetail, Boards, ColumnDetail
from tasks.api.cards import CardDetail, Cards, MoveCard, RestoreCard, TickCard
from tasks.api.checklists import CardItems, ItemDetail

routes = [
    path("boards/", Boards.as_view(), name="boards"),
    path("boards/<str:pk>/", BoardDetail.as_view(), name="board"),
    path("boards/<str:pk>/columns/", BoardColumns.as_view(), name="board_columns"),
    path("columns/<str:pk>/", ColumnDetail.as_view(), name="column"),
    path("cards/", Cards.as_view(), name="cards"),
    path("cards/<str:pk>/", CardDetail.as_view(), name="card"),
    path("cards/<str:pk>/move/", MoveCard.as_view(), name="move_card"),
    path("cards/<str:pk>/tick/", TickCard.as_view(), name="tick_card"),
    path("cards/<str:pk>/restore/", RestoreCard.as_view(), name="restore_card"),
    path("cards/<str:pk>/items/", CardItems.as_view(), name="card_items"),
    path("items/<str:pk>/", ItemDetail.as_view(), name="item"),
]
