from django.urls import path

from tasks.views import boards, cards, checklists, columns, moves, work

app_name = "tasks"

urlpatterns = [
    path("my-work/", work.my_work, name="my_work"),
    path("boards/", boards.boards, name="boards"),
    path("boards/new/", boards.new_board, name="new_board"),
    path("boards/<int:pk>/", boards.board, name="board"),
    path("boards/<int:pk>/settings/", boards.board_settings, name="board_settings"),
    path("boards/<int:pk>/archive/", boards.archive, name="archive_board"),
    path("boards/<int:pk>/restore/", boards.restore, name="restore_board"),
    path("boards/<int:pk>/columns/", columns.add, name="add_column"),
    path("boards/columns/<int:pk>/", columns.change, name="change_column"),
    path("boards/columns/<int:pk>/place/", columns.place, name="place_column"),
    path("boards/columns/<int:pk>/remove/", columns.remove, name="remove_column"),
    path("cards/new/", cards.new_card, name="new_card"),
    path("cards/quick/", cards.quick_card, name="quick_card"),
    path("cards/<int:pk>/", cards.card, name="card"),
    path("cards/<int:pk>/edit/", cards.edit, name="edit_card"),
    path("cards/<int:pk>/move/", moves.move, name="move"),
    path("cards/<int:pk>/move-to/", moves.move_to, name="move_to"),
    path("cards/<int:pk>/tick/", moves.tick, name="tick"),
    path("cards/<int:pk>/archive/", cards.archive, name="archive_card"),
    path("cards/<int:pk>/restore/", cards.restore, name="restore_card"),
    path("cards/<int:pk>/items/", checklists.add, name="add_item"),
    path("cards/items/<int:pk>/", checklists.edit, name="edit_item"),
    path("cards/items/<int:pk>/tick/", checklists.tick, name="tick_item"),
    path("cards/items/<int:pk>/place/", checklists.place, name="place_item"),
    path("cards/items/<int:pk>/remove/", checklists.remove, name="remove_item"),
    path("cards/of-goal/<int:pk>/", work.goal_cards, name="cards_of_goal"),
]
