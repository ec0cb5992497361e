"""
The 23 rules of how the API really behaves, sentence by sentence, and the tests that prove each.

A test is `file::function` below tests/.  A rule whose chapter is not there yet waits for the first of its names.
"""

from typing import NamedTuple


class Waiting(NamedTuple):
    """A rule without tests, because `wx.<name>` is not offered yet."""

    name: str


class Gap(NamedTuple):
    """A sentence that is not kept, and why."""

    reason: str


_RULES = "system/test_rules.py::test_rule_"
_API = "unit/test_api.py::test_"
_LIFE = "system/test_lifecycle.py::test_"
_ACTIVITY = "unit/test_activity.py::test_"
_PLAYBACK = "system/audio/test_wx_playback.py::test_"
_DIALOGS = "unit/test_dialogs.py::test_"
_INNER = "unit/test_wx_inneraudio.py::test_"
_ALBUM = "system/album/test_choosing.py::test_"
_FONTS = "system/fonts/test_loading.py::test_"

RULES = {
    1: {
        "errMsg is `<api>:ok` or `<api>:fail <reason>`": _RULES + "01_errmsg_errno_and_errcode",
        "errCode is 0 on success, where the documents have it": _RULES + "01_errmsg_errno_and_errcode",
        "errno on failure": _RULES + "01_errmsg_errno_and_errcode",
    },
    2: {
        "an awaitable if, and only if, there is no callback": _RULES + "02_a_promise_only_without_callbacks",
        "four APIs return their Task in any case": _RULES + "02_four_apis_return_their_task",
    },
    3: {
        "complete comes after success or fail, always": _RULES
        + "03_complete_always_sync_throws_and_rejections_are_heard",
        "...Sync throws": _RULES + "03_complete_always_sync_throws_and_rejections_are_heard",
        "a rejection that nobody awaits fires onUnhandledRejection": "system/test_faults.py::"
        "test_unawaited_failure_is_an_unhandled_rejection",
    },
    4: {
        "no callback before the call has returned": _RULES + "04_callbacks_come_after_the_call_has_returned",
        "call, return, success or fail, complete: once each": _API
        + "callbacks_come_after_the_call_in_order_and_once",
    },
    5: {
        "a wrong type fails and names parameter and types": _RULES + "05_wrong_types",
        "every fault is named": _API + "wrong_types_name_every_fault",
    },
    6: {
        "any status is a success, only the transport fails": _RULES + "06_any_status_is_a_success",
    },
    7: {
        "19 options, eight fields, 31 of the profile": _RULES + "07_options_fields_and_task_of_a_request",
        "abort": "unit/test_request_task.py::test_abort_at_every_stage",
        "headers and chunks are heard, chunks with enableChunked only": _RULES
        + "07_options_fields_and_task_of_a_request",
        "exception tells of retries": "unit/test_request.py::test_the_fields_of_a_success",
    },
    8: {
        "60 s unless app.json or the call says otherwise": _ACTIVITY + "where_the_time_limit_comes_from",
        "the call's timeout goes before that of app.json": _RULES
        + "08_the_calls_timeout_goes_before_that_of_app_json",
        "ten requests, uploads and downloads at once": _RULES + "08_ten_at_once_of_all_three_kinds",
        "five sockets, and what the sixth is told": _RULES + "08_five_sockets",
    },
    9: {
        "the data of a GET becomes the query": _RULES + "09_what_becomes_of_the_data",
        "that of a POST becomes JSON, or pairs of a form": _RULES + "09_what_becomes_of_the_data",
        "pairs are those of encodeURIComponent": _RULES + "09_pairs_are_those_of_encodeuricomponent",
        "the content-type is application/json by default": _RULES + "09_what_becomes_of_the_data",
        "Referer cannot be set": _RULES + "09_headers_text_and_redirects",
        "one byte order mark goes, UTF-8": _RULES + "09_headers_text_and_redirects",
        "what is no JSON comes as it is": _RULES + "09_headers_text_and_redirects",
        "redirect: manual tells of the headers and ends": _RULES + "09_headers_text_and_redirects",
    },
    10: {
        "requests are interrupted five seconds after hiding": "system/test_request.py::"
        "test_requests_are_interrupted_five_seconds_after_hiding",
        "so are sockets": "unit/test_websocket.py::test_background",
        "and uploads": "unit/test_upload.py::test_interrupted",
    },
    11: {
        "an upload's data is a string, its name is required, its progress": _RULES + "11_uploads",
        "tempFilePath without filePath, filePath with it, progress": _RULES + "11_downloads",
        "200 MB": "unit/test_download.py::test_what_has_no_room",
    },
    12: {
        "six methods, readyState, socketTaskId": _RULES + "12_members_of_a_socket",
        "codes and reasons of close, send before open": _RULES + "12_sending_and_closing",
        "the codes of onClose": _RULES + "12_how_a_socket_ends",
        "a reset is an abnormal closure": "unit/test_websocket.py::test_the_server_goes",
        "interrupted": "unit/test_websocket.py::test_background",
        "a socket that cannot connect fires onError, then onClose": _RULES
        + "12_a_socket_that_cannot_connect_says_so",
    },
    13: {
        "the defaults": "unit/test_wx_record.py::test_the_defaults",
        "legal pairs of rates, and what becomes of an illegal one": "unit/test_wx_record.py::"
        "test_legal_and_illegal_pairs_of_rates",
        "at most ten minutes": "unit/test_wx_record.py::test_wrong_options",
        "frameSize is for mp3 and PCM": "unit/test_wx_record.py::test_frames_are_the_file",
    },
    14: {
        "tempFilePath, duration, fileSize": "unit/test_wx_record.py::test_wav_is_what_was_said_bit_for_bit",
        "frameBuffer, isLastFrame": "unit/test_wx_record.py::test_frames_are_the_file",
        "onInterruptionBegin is followed by onPause": "unit/test_wx_record_faults.py::"
        "test_in_the_background_it_pauses_and_can_go_on",
        "stop() before onStart": "unit/test_wx_record.py::test_stop_before_onstart_ends_the_recording",
    },
    15: {
        "stop, then play starts at the head; pause, then play continues": _PLAYBACK
        + "stop_begins_anew_pause_goes_on_and_seek_is_exact",
        "currentTime is in seconds with decimals, and a seek when it is set": _INNER + "seek_is_to_the_millisecond",

        "errCode 10003, 10004 and -1": _PLAYBACK + "what_cannot_be_played_says_so_and_the_rest_goes_on",
        "errCode 10001": "unit/test_wx_inneraudio_many.py::test_no_speaker",
        "errCode 10002": "unit/test_wx_inneraudio_remote.py::test_a_server_that_is_not_there",
        "nothing after destroy": _INNER + "nothing_after_destroy",
    },
    16: {
        "src begins it": _PLAYBACK + "music_goes_on_across_pages",
        "title is required; onPrev, onNext": _PLAYBACK + "music_without_a_title_and_the_panel",
        "one voice at a time, the same file resumes": _PLAYBACK + "a_voice_ducks_the_music_and_the_same_file_resumes",
        "a voice is interrupted by another": "unit/test_wx_voice.py::test_another_one_interrupts",
        "60 s by default, or what duration says": "unit/test_wx_voice.py::test_not_longer_than_it_may",
    },
    17: {
        "tempFilePaths, tempFiles with path and size, fail cancel": _ALBUM + "rule_17_pictures_are_chosen_by_a_finger",
        "orientation is one of eight names, type the content's": "unit/test_wx_image.py::"
        "test_files_of_the_mini_program_and_of_its_package",
        "takePhoto gives tempImagePath": "conformance/scenarios/camera.py::a_photo",
        "stopRecord gives tempThumbPath and tempVideoPath": "conformance/scenarios/camerarecord.py::a_video",
        "30 s unless said, 300 at most, then timeoutCallback": "conformance/scenarios/camerarecord.py::its_longest_time",
        "frames are RGBA and come after start()": "conformance/scenarios/camera.py::frames",
    },
    18: {
        "networkType, signalStrength, weakNet, hasSystemProxy": _RULES + "18_the_kind_of_network",
    },
    19: Waiting("onAccelerometerChange"),
    20: {
        "toast and loading are one widget; noConflict": _DIALOGS + "toast_and_loading_are_one_widget",
        "1500 ms and success by default": _DIALOGS + "a_toast_has_its_time_and_a_loading_has_not",
        "texts and colours of the buttons, at most 4 characters": _DIALOGS + "button_texts_have_four_characters",
        "cancel is a success": _DIALOGS + "modal_answers_with_the_button_that_the_finger_leaves",
        "at most six items": _DIALOGS + "an_action_sheet_has_one_to_six_texts",
        "fail cancel": _DIALOGS + "an_action_sheet_answers_with_the_number_and_cancels",
    },
    21: {
        "status on success and on failure": _FONTS + "status_and_the_text_that_was_there",
    },
    22: {
        "ten pages": _LIFE + "depth_limit",
        "navigateTo a tab page fails": _LIFE + "wrong_routes_fail_and_change_nothing",
        "navigateBack fails with one page, and its delta is clamped": _LIFE + "navigate_back_reveals_and_clamps",
        "routes queue while one runs": _LIFE + "routes_queue_while_one_runs",
        "the hooks of navigateTo": _LIFE + "navigate_to",
        "the hooks of redirectTo": _LIFE + "redirect_to",
        "the hooks of reLaunch, without onLaunch": _LIFE + "relaunch_unloads_from_the_top",
        "suspended after five seconds in the background": Gap(
            "requests and sockets end then, but timers and coroutines go on"
        ),
        "ended after 30 minutes": _RULES + "22_half_an_hour_in_the_background_ends_it",
    },
    23: {
        "1 MB a key, 10 MB in total": _RULES + "23_limits_of_the_storage",
        "what is over a limit is refused": "unit/test_storage.py::test_limits",
        "data not found": _RULES + "01_errmsg_errno_and_errcode",
        "each mini-program has its own storage": _LIFE + "storage_is_each_mini_programs_own_and_outlives_it",
        "and its own files; package paths with dots are refused": "system/test_files.py::"
        "test_nobody_sees_another_ones_files",
        "what usr and store may take": "unit/test_files_faults.py::test_quota",
    },
}  # fmt: skip
