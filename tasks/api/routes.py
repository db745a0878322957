from django.urls import path

from tasks.api.approvals import AnswerApproval, ApprovalDetail, CardApprovals, MyApprovals
from tasks.api.archive import ArchivedCards, ArchiveDone, DeleteForGood, RestoreDone
from tasks.api.attachments import (
    AttachmentDetail,
    AttachmentFile,
    AttachmentPicture,
    AttachmentVersions,
    CardAttachments,
    RestoreAttachment,
)
from tasks.api.automations import AutomationDetail, AutomationRuns, BoardAutomations
from tasks.api.board_cards import BoardCards
from tasks.api.boards import BoardColumns, BoardDetail, Boards, ColumnDetail
from tasks.api.bulk import BulkCards
from tasks.api.cards import (
    CardDetail,
    CardLabelView,
    Cards,
    MoveCard,
    RestoreCard,
    TickCard,
    TransferCard,
    TrashCard,
    WatchCard,
)
from tasks.api.checklists import CardItems, ItemDetail
from tasks.api.choices import BoardFilters, BoardLook, FilterDetail
from tasks.api.comments import CardComments, CommentDetail, CommentSign, MarkdownPreview
from tasks.api.copies import CopyCard
from tasks.api.counts import WorkCountDetail, WorkCounts
from tasks.api.cycles import BeginCycle, CloseCycle, CycleDetail, Cycles, ReopenCycle
from tasks.api.flow import BoardFlow, WholeFlow
from tasks.api.imports import (
    BoardExport,
    BoardImportDetail,
    BoardImportLeft,
    BoardImports,
    CancelBoardImport,
    CheckBoardImport,
    ConfirmBoardImport,
    ImportedPersonDetail,
    UndoBoardImport,
)
from tasks.api.intake import (
    FormRequests,
    MyRequests,
    RequestFormAddress,
    RequestFormDetail,
    RequestForms,
)
from tasks.api.labels import CardFieldDetail, CardFields, LabelDetail, Labels
from tasks.api.lanes import BoardLanes
from tasks.api.listing import (
    BoardListLook,
    CalendarFeedDetail,
    CalendarFeeds,
    CardListLook,
    ScheduleCard,
)
from tasks.api.live import BoardChanges, BoardStream, CardChanges, CardStream
from tasks.api.quick import QuickCards
from tasks.api.schedules import (
    BoardTimeline,
    BoardWorkload,
    Capacities,
    ShiftCards,
    WholeTimeline,
    WholeWorkload,
)
from tasks.api.series import BoardSeries, SeriesDetail, SkipSeriesDay
from tasks.api.templates import CardsFromTemplate, CardTemplateDetail, CardTemplates
from tasks.api.ties import CardBlock, CardGoalLink, CardMetricLink, CardTies, CardWaits

routes = [
    path("boards/", Boards.as_view(), name="boards"),
    path("boards/<str:pk>/", BoardDetail.as_view(), name="board"),
    path("boards/<str:pk>/columns/", BoardColumns.as_view(), name="board_columns"),
    path("boards/<str:pk>/cards/", BoardCards.as_view(), name="board_cards"),
    path("boards/<str:pk>/card-templates/", CardTemplates.as_view(), name="card_templates"),
    path("card-templates/<str:pk>/", CardTemplateDetail.as_view(), name="card_template"),
    path("card-templates/<str:pk>/cards/", CardsFromTemplate.as_view(), name="from_template"),
    path("boards/<str:pk>/archived/", ArchivedCards.as_view(), name="archived_cards"),
    path("columns/<str:pk>/archive-done/", ArchiveDone.as_view(), name="archive_done"),
    path("columns/<str:pk>/restore-done/", RestoreDone.as_view(), name="restore_done"),
    path("cards/<str:pk>/for-good/", DeleteForGood.as_view(), name="delete_for_good"),
    path("boards/<str:pk>/flow/", BoardFlow.as_view(), name="board_flow"),
    path("work-counts/", WorkCounts.as_view(), name="work_counts"),
    path("work-counts/<str:kind>/", WorkCountDetail.as_view(), name="work_count"),
    path("flow/", WholeFlow.as_view(), name="flow"),
    path("boards/<str:pk>/timeline/", BoardTimeline.as_view(), name="board_timeline"),
    path("boards/<str:pk>/workload/", BoardWorkload.as_view(), name="board_workload"),
    path("timeline/", WholeTimeline.as_view(), name="timeline"),
    path("workload/", WholeWorkload.as_view(), name="workload"),
    path("workload/capacity/", Capacities.as_view(), name="capacities"),
    path("cards/shift/", ShiftCards.as_view(), name="shift_cards"),
    path("boards/<str:pk>/series/", BoardSeries.as_view(), name="board_series"),
    path("series/<str:pk>/", SeriesDetail.as_view(), name="one_series"),
    path("series/<str:pk>/skips/", SkipSeriesDay.as_view(), name="skip_series_day"),
    path("boards/<str:pk>/automations/", BoardAutomations.as_view(), name="board_automations"),
    path("automations/<str:pk>/", AutomationDetail.as_view(), name="automation"),
    path("automations/<str:pk>/runs/", AutomationRuns.as_view(), name="automation_runs"),
    path("boards/<str:pk>/changes/", BoardChanges.as_view(), name="board_changes"),
    path("boards/<str:pk>/stream/", BoardStream.as_view(), name="board_stream"),
    path("boards/<str:pk>/export/", BoardExport.as_view(), name="export_board"),
    path("board-imports/", BoardImports.as_view(), name="board_imports"),
    path("board-imports/<str:pk>/", BoardImportDetail.as_view(), name="board_import"),
    path("board-imports/<str:pk>/check/", CheckBoardImport.as_view(), name="check_board_import"),
    path("board-imports/<str:pk>/run/", ConfirmBoardImport.as_view(), name="run_board_import"),
    path("board-imports/<str:pk>/cancel/", CancelBoardImport.as_view(), name="cancel_board_import"),
    path("board-imports/<str:pk>/undo/", UndoBoardImport.as_view(), name="undo_board_import"),
    path("board-imports/<str:pk>/left/", BoardImportLeft.as_view(), name="board_import_left"),
    path("imported-people/<str:pk>/", ImportedPersonDetail.as_view(), name="imported_person"),
    path("boards/<str:pk>/filters/", BoardFilters.as_view(), name="board_filters"),
    path("boards/<str:pk>/look/", BoardLook.as_view(), name="board_look"),
    path("filters/<str:pk>/", FilterDetail.as_view(), name="filter"),
    path("cycles/", Cycles.as_view(), name="cycles"),
    path("cycles/<str:pk>/", CycleDetail.as_view(), name="cycle"),
    path("cycles/<str:pk>/begin/", BeginCycle.as_view(), name="begin_cycle"),
    path("cycles/<str:pk>/close/", CloseCycle.as_view(), name="close_cycle"),
    path("cycles/<str:pk>/reopen/", ReopenCycle.as_view(), name="reopen_cycle"),
    path("labels/", Labels.as_view(), name="labels"),
    path("labels/<str:pk>/", LabelDetail.as_view(), name="label"),
    path("card-fields/", CardFields.as_view(), name="card_fields"),
    path("card-fields/<str:pk>/", CardFieldDetail.as_view(), name="card_field"),
    path("columns/<str:pk>/", ColumnDetail.as_view(), name="column"),
    path("columns/<str:pk>/cards/", QuickCards.as_view(), name="quick_add"),
    path("boards/<str:pk>/lanes/", BoardLanes.as_view(), name="board_lanes"),
    path("cards/", Cards.as_view(), name="cards"),
    path("boards/<str:pk>/list/look/", BoardListLook.as_view(), name="board_list_look"),
    path("cards/changes/", CardChanges.as_view(), name="card_changes"),
    path("cards/stream/", CardStream.as_view(), name="card_stream"),
    path("cards/look/", CardListLook.as_view(), name="card_list_look"),
    path("cards/<str:pk>/schedule/", ScheduleCard.as_view(), name="schedule_card"),
    path("calendar-feeds/", CalendarFeeds.as_view(), name="calendar_feeds"),
    path("calendar-feeds/<str:pk>/", CalendarFeedDetail.as_view(), name="calendar_feed"),
    path("cards/bulk/", BulkCards.as_view(), name="bulk"),
    path("cards/<str:pk>/", CardDetail.as_view(), name="card"),
    path("cards/<str:pk>/move/", MoveCard.as_view(), name="move_card"),
    path("cards/<str:pk>/copy/", CopyCard.as_view(), name="copy_card"),
    path("cards/<str:pk>/transfer/", TransferCard.as_view(), name="transfer_card"),
    path("cards/<str:pk>/tick/", TickCard.as_view(), name="tick_card"),
    path("cards/<str:pk>/restore/", RestoreCard.as_view(), name="restore_card"),
    path("cards/<str:pk>/trash/", TrashCard.as_view(), name="trash_card"),
    path("cards/<str:pk>/watch/", WatchCard.as_view(), name="watch_card"),
    path("cards/<str:pk>/labels/<str:label>/", CardLabelView.as_view(), name="card_label"),
    path("cards/<str:pk>/ties/", CardTies.as_view(), name="card_ties"),
    path("cards/<str:pk>/waits-for/<str:other>/", CardWaits.as_view(), name="card_waits"),
    path("cards/<str:pk>/block/", CardBlock.as_view(), name="block_card"),
    path("cards/<str:pk>/goals/<str:goal>/", CardGoalLink.as_view(), name="card_goal"),
    path("cards/<str:pk>/metrics/<str:metric>/", CardMetricLink.as_view(), name="card_metric"),
    path("request-forms/", RequestForms.as_view(), name="request_forms"),
    path("request-forms/<str:pk>/", RequestFormDetail.as_view(), name="request_form"),
    path("request-forms/<str:pk>/address/", RequestFormAddress.as_view(), name="form_address"),
    path("request-forms/<str:pk>/requests/", FormRequests.as_view(), name="form_requests"),
    path("requests/", MyRequests.as_view(), name="my_requests"),
    path("approvals/", MyApprovals.as_view(), name="my_approvals"),
    path("approvals/<str:pk>/", ApprovalDetail.as_view(), name="approval"),
    path("approvals/<str:pk>/answer/", AnswerApproval.as_view(), name="answer_approval"),
    path("cards/<str:pk>/approvals/", CardApprovals.as_view(), name="card_approvals"),
    path("cards/<str:pk>/items/", CardItems.as_view(), name="card_items"),
    path("items/<str:pk>/", ItemDetail.as_view(), name="item"),
    path("cards/<str:pk>/comments/", CardComments.as_view(), name="card_comments"),
    path("comments/<str:pk>/", CommentDetail.as_view(), name="comment"),
    path("comments/<str:pk>/signs/<str:sign>/", CommentSign.as_view(), name="comment_sign"),
    path("markdown/", MarkdownPreview.as_view(), name="markdown"),
    path("cards/<str:pk>/attachments/", CardAttachments.as_view(), name="card_attachments"),
    path("attachments/<str:pk>/", AttachmentDetail.as_view(), name="attachment"),
    path("attachments/<str:pk>/restore/", RestoreAttachment.as_view(), name="restore_attachment"),
    path(
        "attachments/<str:pk>/versions/", AttachmentVersions.as_view(), name="attachment_versions"
    ),
    path(
        "attachments/<str:pk>/versions/<int:number>/file/",
        AttachmentFile.as_view(),
        name="attachment_file",
    ),
    path(
        "attachments/<str:pk>/versions/<int:number>/pictures/<str:size>/",
        AttachmentPicture.as_view(),
        name="attachment_picture",
    ),
]
