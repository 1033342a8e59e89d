"""Who may open which address, by GET: one row an address of the URLconf, the table that `test_access.py` proves.

200 opened, 302 led on (to the sign-in page), 400 asks again, 403 not permitted, 404 does not exist for this person,
405 only by a button, 409 no longer possible. In 福建: the enterprise and case asked for, the owner, and the officer;
`other` is the officer of 浙江. `{name}` stands for each page of the group; an exact row goes before one of a group.
"""

from collections.abc import Iterator
from functools import cache

WHO = (
    "visitor",
    "owner",
    "stranger",
    "officer",
    "other",
    "editor",
    "reviewer",
    "publisher",
    "support",
    "auditor",
    "administrator",
)

SINGLE = """accounts_user mail_message entrance_activationcode workdays_calendarday activities_indicator
    reports_reportversion commitments_signatory index_indexstate schedule_scheduledrun checkpoints_logkey notices_noticeversion enquiries_enquiry enquiries_answerversion desk_application"""
GROUPS = {
    "seen": """editions_edition regions_division products_certificatecheck
        publication_productline publication_enterpriseline publication_certificateline publication_hold publication_soughtnumber""",
    "national": """campaigns_campaignversion campaigns_roleversion campaigns_organisationversion
        commitments_templateversion commitments_letterversion commitments_agreementversion commitments_claimversion online_platformversion
        products_kindwordsversion products_kindguideversion
        online_shopversion""",
    "regional": """regions_regionversion regions_subsidyversion enterprises_outletversion
        activities_activityversion activities_resultversion commitments_adoptionversion""",
    "register": "enterprises_enterprise products_certificate products_product products_localrequirement",
    "words": "products_certificationbody products_catalogue products_category",
    "work": "publication_batch imports_importrun",
    "found": "imports_headingchoice inspection_probe",
    "trail": "audit_auditevent audit_change",
    "persons": "privacy_erasurerequest privacy_consent",
    "own": """enterprise enterprise_products begin people calendar case fill products line workbook workbook_found
        workbook_marked papers paper hand_in take_back sent""",
    "press": """change_role end_membership cancel_invitation revoke_calendar copy_line remove_line workbook_take
        remove_paper discard support message""",
}
COUNTER = ("own", "press")
GROUPS["every"] = " ".join(
    [*(GROUPS[name] for name in GROUPS if name not in COUNTER), SINGLE]
)  # what Django gives each model alike

# Public pages are the same for everybody; then the front of the desk.
PUBLIC = """
home figures:page figures:csv figures:all-csv figures:all-json search search-suggest search-words campaigns:list campaigns:detail regions:list regions:detail regions:subsidy notices:list notices:feed
notices:kind_feed notices:detail reports:list reports:feed reports:detail reports:file enquiries:list enquiries:new enquiries:follow enquiries:answers online:list online:feed online:described
online:leave files:public activities:list activities:month activities:ics_all activities:results activities:result
activities:detail activities:ics commitments:list commitments:letter commitments:templates commitments:template
commitments:agreements commitments:agreement commitments:adoptions commitments:adoption
organisations:list organisations:detail organisations:claim guide guide-detail about:data about:recognise
about:privacy privacy:inventory about:accessibility sitemap sitemap-xml sitemap-part robots healthz readyz products:list products:export
differences differences-feed
products:detail enterprises:list enterprises:export enterprises:detail batches:list batches:detail batches:lines check
check-many data:index data:file data:manifest data:tables data:schema batches:file batches:manifest
products:feed products:ends enterprises:feed batches:feed batches:periods batches:batch_feed region-feed data:catalog
api-page api:figures api:root api:openapi api:list api:record api:certificate
kinds:list kinds:detail place build poster
log:page log:editions log:checker log:checker-page log:keys log:checkpoint log:tile proof sheets:index sheets:sheet sheets:pdf
"""

TABLE = """
address                               visitor owner stranger officer other editor reviewer publisher support auditor administrator
poster-paper                          404  404  404  404  404  404  404  404  404  404  404
place-keep                            302  302  302  302  302  302  302  302  302  302  302
mode                                  302  302  302  302  302  302  302  302  302  302  302
log:kept                              404  404  404  404  404  404  404  404  404  404  404
log:timestamp                         404  404  404  404  404  404  404  404  404  404  404
api:changes                           400  400  400  400  400  400  400  400  400  400  400
api:unknown                           404  404  404  404  404  404  404  404  404  404  404
favicon                               302  302  302  302  302  302  302  302  302  302  302
security-txt                          404  404  404  404  404  404  404  404  404  404  404
data:day                              302  302  302  302  302  302  302  302  302  302  302
sheets:new                            405  405  405  405  405  405  405  405  405  405  405
log:cosign                            405  405  405  405  405  405  405  405  405  405  405
metrics                               404  404  404  404  404  404  404  404  404  404  404
differences-export                    400  400  400  400  400  400  400  400  400  400  400
commitments:difference                200  200  200  200  200  200  200  200  200  200  200
online:enter                          404  404  404  404  404  404  404  404  404  404  404
enquiries:answer                      404  404  404  404  404  404  404  404  404  404  404

entrance:account                      302  200  200  200  200  200  200  200  200  200  200
entrance:sign_out_everywhere          302  405  405  405  405  405  405  405  405  405  405
entrance:messages                     302  200  200  200  200  200  200  200  200  200  200
entrance:message                      302  404  404  404  404  404  404  404  404  404  404
entrance:activate                     200  200  200  200  200  200  200  200  200  200  200
entrance:second_factor                302  302  302  302  302  302  302  302  302  302  302
entrance:onward                       302  302  302  302  302  302  302  302  302  302  302
account_login                         200  302  302  302  302  302  302  302  302  302  302
account_signup                        200  302  302  302  302  302  302  302  302  302  302
account_logout                        302  200  200  200  200  200  200  200  200  200  200
account_inactive                      200  200  200  200  200  200  200  200  200  200  200
account_reauthenticate                302  200  200  200  200  200  200  200  200  200  200
account_email                         302  200  200  200  200  200  200  200  200  200  200
account_email_verification_sent       200  200  200  200  200  200  200  200  200  200  200
account_confirm_email                 200  200  200  200  200  200  200  200  200  200  200
account_confirm_login_code            302  302  302  302  302  302  302  302  302  302  302
account_change_password               302  200  200  200  200  200  200  200  200  200  200
account_set_password                  302  302  302  302  302  302  302  302  302  302  302
account_reset_password                200  200  200  200  200  200  200  200  200  200  200
account_reset_password_done           200  200  200  200  200  200  200  200  200  200  200
account_reset_password_from_key       200  200  200  200  200  200  200  200  200  200  200
account_reset_password_from_key_done  200  200  200  200  200  200  200  200  200  200  200
mfa_index                             302  200  200  200  200  200  200  200  200  200  200
mfa_authenticate                      302  302  302  302  302  302  302  302  302  302  302
mfa_reauthenticate                    302  302  302  302  302  302  302  302  302  302  302
mfa_activate_totp                     302  302  302  302  302  302  302  302  302  302  302
mfa_deactivate_totp                   302  404  404  404  404  404  404  404  404  404  404
mfa_view_recovery_codes               302  404  404  404  404  404  404  404  404  404  404
mfa_generate_recovery_codes           302  302  302  302  302  302  302  302  302  302  302
mfa_download_recovery_codes           302  404  404  404  404  404  404  404  404  404  404
mfa_list_webauthn                     302  200  200  200  200  200  200  200  200  200  200
mfa_add_webauthn                      302  302  302  302  302  302  302  302  302  302  302
mfa_reauthenticate_webauthn           302  302  302  302  302  302  302  302  302  302  302
mfa_remove_webauthn                   302  302  302  302  302  302  302  302  302  302  302
mfa_edit_webauthn                     302  302  302  302  302  302  302  302  302  302  302
own_data:page                         302  200  200  200  200  200  200  200  200  200  200
own_data:export                       405  405  405  405  405  405  405  405  405  405  405
own_data:ask_erasure                  405  405  405  405  405  405  405  405  405  405  405
own_data:take_back_erasure            405  405  405  405  405  405  405  405  405  405  405
own_data:withdraw                     405  405  405  405  405  405  405  405  405  405  405

counter:home                             200  200  200  200  200  200  200  200  200  200  200
counter:find                             302  200  200  200  200  200  200  200  200  200  200
counter:workbook_template                302  200  200  200  200  200  200  200  200  200  200
counter:invitation                       302  410  410  410  410  410  410  410  410  410  410
counter:ics                              404  404  404  404  404  404  404  404  404  404  404
counter:begin_registration               405  405  405  405  405  405  405  405  405  405  405
counter:{own}                            302  200  404  404  404  404  404  404  404  404  404
counter:letter                           302  404  404  404  404  404  404  404  404  404  404
counter:workbook_marked                  302  400  404  404  404  404  404  404  404  404  404
counter:{press}                          405  405  405  405  405  405  405  405  405  405  405

admin:index                           302  302  302  200  200  200  200  200  200  200  200
admin:search                          302  302  302  200  200  200  200  200  200  200  200
admin:export                          302  302  302  200  200  200  200  200  403  200  403
admin:keep_view                       302  302  302  405  405  405  405  405  405  405  405
admin:drop_view                       302  302  302  405  405  405  405  405  405  405  405
admin:login                           302  403  403  302  302  302  302  302  302  302  302
admin:logout                          302  302  302  307  307  307  307  307  307  307  307
admin:password_change                 302  302  302  302  302  302  302  302  302  302  302
admin:password_change_done            302  302  302  302  302  302  302  302  302  302  302
admin:autocomplete                    302  302  302  403  403  403  403  403  403  403  403
admin:jsi18n                          302  302  302  200  200  200  200  200  200  200  200
admin:view_on_site                    302  302  302  404  404  404  404  404  404  404  404
admin:app_list                        302  302  302  302  302  302  302  302  302  302  302
admin:draft_file                      302  302  302  404  404  404  404  404  403  404  403
admin:nameless                        302  302  302  404  404  404  404  404  404  404  404

admin:accounts_role_table             302  302  302  200  200  200  200  200  200  200  200
admin:editions_installation_changelist 302  302  302  403  403  403  403  403  403  403  200
admin:accounts_user_changelist        302  302  302  403  403  403  403  403  403  200  200
admin:accounts_user_change            302  302  302  403  403  403  403  403  403  200  200
admin:accounts_user_add               302  302  302  403  403  403  403  403  403  403  200
admin:accounts_user_password          302  302  302  403  403  403  403  403  403  403  200
admin:accounts_user_reveal            302  302  302  405  405  405  405  405  405  405  405
admin:enterprises_enterprise_reveal   302  302  302  405  405  405  405  405  405  405  405
admin:entrance_activationcode_changelist 302 302 302 403  403  403  403  403  403  403  200
admin:entrance_activationcode_change  302  302  302  403  403  403  403  403  403  403  404
admin:entrance_activationcode_add     302  302  302  403  403  403  403  403  403  403  403
admin:entrance_activationcode_issue   302  302  302  404  404  404  404  404  404  404  404
admin:entrance_activationcode_factor  302  302  302  404  404  404  404  404  404  404  404
admin:mail_message_changelist         302  302  302  403  403  403  403  403  403  200  200
admin:mail_message_change             302  302  302  403  403  403  403  403  403  403  403
admin:mail_message_add                302  302  302  403  403  403  403  403  403  403  403
admin:index_indexstate_changelist     302  302  302  403  403  403  403  403  403  403  200
admin:index_indexstate_change         302  302  302  403  403  403  403  403  403  403  200
admin:index_indexstate_add            302  302  302  403  403  403  403  403  403  403  403
admin:schedule_scheduledrun_changelist 302 302  302  403  403  403  403  403  403  403  200
admin:schedule_scheduledrun_change    302  302  302  403  403  403  403  403  403  403  404
admin:schedule_scheduledrun_add       302  302  302  403  403  403  403  403  403  403  403
admin:checkpoints_logkey_changelist   302  302  302  403  403  403  403  403  403  403  200
admin:checkpoints_logkey_change       302  302  302  403  403  403  403  403  403  403  404
admin:checkpoints_logkey_add          302  302  302  403  403  403  403  403  403  403  403
admin:index_indexstate_rebuild        302  302  302  405  405  405  405  405  405  405  405
admin:{trail}_changelist              302  302  302  403  403  403  403  403  403  200  403
admin:{trail}_change                  302  302  302  403  403  403  403  403  403  200  403
admin:{trail}_add                     302  302  302  403  403  403  403  403  403  403  403
admin:{persons}_changelist            302  302  302  403  403  403  403  403  403  200  200
admin:{persons}_change                302  302  302  403  403  403  403  403  403  404  404
admin:{persons}_add                   302  302  302  403  403  403  403  403  403  403  403
admin:privacy_erasurerequest_person   302  302  302  403  403  403  403  403  403  200  200
admin:workdays_calendarday_changelist 302  302  302  200  200  200  200  200  200  200  403
admin:workdays_calendarday_change     302  302  302  200  200  200  200  200  200  200  403
admin:workdays_calendarday_add        302  302  302  403  403  200  403  403  403  403  403

admin:{seen}_changelist               302  302  302  200  200  200  200  200  403  200  403
admin:{seen}_change                   302  302  302  200  200  200  200  200  403  200  403
admin:{seen}_add                      302  302  302  403  403  403  403  403  403  403  403
admin:{found}_changelist              302  302  302  200  200  200  200  200  403  200  403
admin:{found}_change                  302  302  302  404  404  404  404  404  403  404  403
admin:{found}_add                     302  302  302  403  403  403  403  403  403  403  403
admin:inspection_table                302  302  302  200  200  200  200  200  403  200  403
admin:inspection_read                 302  302  302  405  405  405  405  405  405  405  405

admin:{register}_changelist           302  302  302  200  200  200  200  200  403  200  403
admin:{register}_change               302  302  302  200  404  200  200  200  403  200  403
admin:{register}_history              302  302  302  200  404  200  200  200  403  200  403
admin:{register}_add                  302  302  302  200  200  200  403  403  403  403  403
admin:products_certificate_check      302  302  302  403  403  200  200  200  403  403  403
admin:{words}_changelist              302  302  302  200  200  200  200  200  403  200  403
admin:{words}_change                  302  302  302  200  200  200  200  200  403  200  403
admin:{words}_history                 302  302  302  200  200  200  200  200  403  200  403
admin:{words}_add                     302  302  302  403  403  200  403  403  403  403  403

admin:{work}_changelist               302  302  302  200  200  200  200  200  403  200  403
admin:{work}_change                   302  302  302  200  404  200  200  200  403  200  403
admin:{work}_add                      302  302  302  200  200  200  403  403  403  403  403
admin:publication_batch_head          302  302  302  200  404  200  403  403  403  403  403
admin:publication_batch_entries       302  302  302  200  404  200  403  403  403  403  403
admin:publication_batch_missing       302  302  302  405  405  405  405  405  405  405  405
admin:publication_batch_rehearsal     302  302  302  409  404  409  409  409  403  409  403
admin:publication_batch_workbook      302  302  302  200  404  200  200  200  403  200  403
admin:publication_batch_paper         302  302  302  200  404  200  200  200  403  200  403
admin:publication_batch_act           302  302  302  200  404  200  403  403  403  403  403
admin:publication_batch_hold          302  302  302  403  403  403  403  200  403  403  403
admin:publication_batch_submit        302  302  302  200  404  200  403  403  403  403  403
admin:publication_batch_take_back     302  302  302  200  404  200  403  403  403  403  403
admin:publication_batch_approve       302  302  302  200  404  403  200  200  403  403  403
admin:publication_batch_send_back     302  302  302  200  404  403  200  200  403  403  403
admin:publication_batch_open_notice   302  302  302  403  404  403  403  200  403  403  403
admin:publication_batch_publish       302  302  302  403  404  403  403  200  403  403  403
admin:publication_batch_cancel        302  302  302  200  404  200  403  403  403  403  403
admin:publication_batch_stop_notice   302  302  302  403  404  403  403  200  403  403  403
admin:imports_importrun_template      302  302  302  200  200  200  403  403  403  403  403
admin:imports_importrun_save          302  302  302  405  405  405  405  405  405  405  405
admin:imports_importrun_recheck       302  302  302  405  405  405  405  405  405  405  405
admin:imports_importrun_headings      302  302  302  405  405  405  405  405  405  405  405
admin:imports_importrun_decide        302  302  302  405  405  405  405  405  405  405  405
admin:imports_importrun_cells         302  302  302  405  405  405  405  405  405  405  405
admin:imports_importrun_discard       302  302  302  405  405  405  405  405  405  405  405
admin:imports_importrun_take_back     302  302  302  200  404  200  403  403  403  403  403
admin:imports_importrun_end           302  302  302  404  404  404  403  403  403  403  403
admin:imports_importrun_file          302  302  302  200  404  200  200  200  403  200  403

admin:desk_application_changelist     302  302  302  200  200  200  200  200  200  200  403
admin:desk_application_add            302  302  302  403  403  403  403  403  403  403  403
admin:desk_application_change         302  302  302  200  404  200  200  200  404  200  403
admin:desk_application_paper          302  302  302  200  404  200  200  200  404  200  403
admin:desk_application_contact        302  302  302  405  405  405  405  405  405  405  405
admin:desk_application_approve        302  302  302  200  404  403  200  200  404  403  403
admin:desk_application_items          302  302  302  404  404  403  404  404  404  403  403
admin:desk_application_return         302  302  302  200  404  403  200  200  404  403  403
admin:desk_application_reject         302  302  302  200  404  403  200  200  404  403  403
admin:desk_application_opinion        302  302  302  403  404  403  403  403  404  403  403
admin:desk_application_assign         302  302  302  200  404  200  200  200  404  403  403
admin:desk_application_pass           302  302  302  200  404  200  200  200  404  403  403
admin:desk_application_recheck        302  302  302  404  404  403  404  404  404  403  403
admin:desk_application_message        302  302  302  200  404  200  200  200  404  403  403
admin:desk_application_note           302  302  302  200  404  200  200  200  404  403  403
admin:desk_application_many           302  302  302  405  405  405  405  405  405  405  405
admin:desk_application_outcome        302  302  302  404  404  404  404  404  404  404  403
admin:desk_application_draw           302  302  302  403  403  403  200  200  403  403  403
admin:desk_application_enterprise     302  302  302  200  404  200  200  200  403  200  403
admin:desk_application_end_member     302  302  302  200  404  403  200  200  403  403  403

admin:{national}_changelist           302  302  302  403  403  200  200  200  403  200  403
admin:{national}_change               302  302  302  403  403  200  200  200  403  200  403
admin:{national}_add                  302  302  302  403  403  200  403  403  403  403  403
admin:{national}_submit               302  302  302  404  404  409  403  403  404  403  404
admin:{national}_discard              302  302  302  404  404  409  403  403  404  403  404
admin:{national}_publish              302  302  302  404  404  403  409  409  404  403  404
admin:{national}_send_back            302  302  302  404  404  403  409  409  404  403  404
admin:{national}_correct              302  302  302  404  404  200  403  403  404  403  404
admin:{national}_withdraw             302  302  302  404  404  403  200  200  404  403  404
admin:{regional}_changelist           302  302  302  200  200  200  200  200  403  200  403
admin:{regional}_change               302  302  302  200  404  200  200  200  403  200  403
admin:{regional}_add                  302  302  302  200  200  200  403  403  403  403  403
admin:regions_regionversion_add       302  302  302  403  403  403  403  403  403  403  403
admin:{regional}_submit               302  302  302  409  404  409  403  403  404  403  404
admin:{regional}_discard              302  302  302  409  404  409  403  403  404  403  404
admin:{regional}_publish              302  302  302  409  404  403  409  409  404  403  404
admin:{regional}_send_back            302  302  302  409  404  403  409  409  404  403  404
admin:{regional}_correct              302  302  302  200  404  200  403  403  404  403  404
admin:{regional}_withdraw             302  302  302  200  404  403  200  200  404  403  404
admin:activities_indicator_changelist 302  302  302  200  200  200  200  200  403  200  403
admin:activities_indicator_change     302  302  302  200  200  200  200  200  403  200  403
admin:activities_indicator_add        302  302  302  403  403  200  403  403  403  403  403
admin:commitments_signatory_changelist 302 302  302  403  403  200  403  403  403  403  403
admin:commitments_signatory_change    302  302  302  403  403  404  403  403  403  403  403
admin:commitments_signatory_add       302  302  302  403  403  200  403  403  403  403  403
admin:commitments_signatory_history   302  302  302  403  403  404  403  403  403  403  403

admin:notices_noticeversion_changelist 302 302  302  200  200  200  200  200  403  200  403
admin:notices_noticeversion_change    302  302  302  404  404  200  200  200  403  200  403
admin:notices_noticeversion_add       302  302  302  200  200  200  403  403  403  403  403
admin:notices_noticeversion_preview   302  302  302  404  404  200  200  200  404  200  404
admin:notices_noticeversion_batches   302  302  302  200  200  200  200  200  403  200  403
admin:notices_noticeversion_dismiss   302  302  302  405  405  405  405  405  405  405  405
admin:notices_noticeversion_submit    302  302  302  404  404  409  403  403  404  403  404
admin:notices_noticeversion_discard   302  302  302  404  404  409  403  403  404  403  404
admin:notices_noticeversion_publish   302  302  302  404  404  403  409  409  404  403  404
admin:notices_noticeversion_send_back 302  302  302  404  404  403  409  409  404  403  404
admin:notices_noticeversion_correct   302  302  302  404  404  200  403  403  404  403  404
admin:notices_noticeversion_withdraw  302  302  302  404  404  403  200  200  404  403  404

admin:reports_reportversion_changelist 302 302  302  200  200  200  200  200  403  200  403
admin:reports_reportversion_change    302  302  302  200  404  200  200  200  403  200  403
admin:reports_reportversion_add       302  302  302  403  403  403  403  403  403  403  403
admin:reports_reportversion_years     302  302  302  200  200  200  200  200  403  200  403
admin:reports_reportversion_begin     302  302  302  405  405  405  405  405  405  405  405
admin:reports_reportversion_preview   302  302  302  200  404  200  200  200  404  200  404
admin:reports_reportversion_recount   302  302  302  409  404  409  403  403  404  403  404
admin:reports_reportversion_submit    302  302  302  409  404  409  403  403  404  403  404
admin:reports_reportversion_discard   302  302  302  409  404  409  403  403  404  403  404
admin:reports_reportversion_publish   302  302  302  403  404  403  409  409  404  403  404
admin:reports_reportversion_send_back 302  302  302  403  404  403  409  409  404  403  404
admin:reports_reportversion_correct   302  302  302  200  404  200  403  403  404  403  404
admin:reports_reportversion_withdraw  302  302  302  403  404  403  200  200  404  403  404

admin:enquiries_enquiry_changelist    302  302  302  200  200  200  200  200  200  200  403
admin:enquiries_enquiry_change        302  302  302  200  404  200  200  200  404  200  404
admin:enquiries_enquiry_add           302  302  302  403  403  403  403  403  403  403  403
admin:enquiries_enquiry_contact       302  302  302  405  405  405  405  405  405  405  405
admin:enquiries_enquiry_publish       302  302  302  405  405  405  405  405  405  405  405
admin:enquiries_enquiry_photo         302  302  302  404  404  404  404  404  404  404  404
admin:enquiries_enquiry_accept        302  302  302  200  404  200  403  403  404  403  404
admin:enquiries_enquiry_answer        302  302  302  200  404  200  403  403  404  403  404
admin:enquiries_enquiry_pass          302  302  302  200  404  200  403  403  404  403  404
admin:enquiries_enquiry_refuse        302  302  302  200  404  200  403  403  404  403  404
admin:enquiries_enquiry_reopen        302  302  302  200  404  200  403  403  404  403  404
admin:enquiries_answerversion_changelist 302 302 302 403  403  200  200  200  403  200  403
admin:enquiries_answerversion_change  302  302  302  403  403  404  404  404  403  404  403
admin:enquiries_answerversion_add     302  302  302  403  403  200  403  403  403  403  403
admin:enquiries_answerversion_submit  302  302  302  404  404  404  404  404  404  404  404
admin:enquiries_answerversion_discard 302  302  302  404  404  404  404  404  404  404  404
admin:enquiries_answerversion_publish 302  302  302  404  404  404  404  404  404  404  404
admin:enquiries_answerversion_send_back 302 302 302  404  404  404  404  404  404  404  404
admin:enquiries_answerversion_correct 302  302  302  404  404  404  404  404  404  404  404
admin:enquiries_answerversion_withdraw 302 302  302  404  404  404  404  404  404  404  404

admin:{every}_delete                  302  302  302  403  403  403  403  403  403  403  403
admin:{every}_history                 302  302  302  404  404  404  404  404  404  404  404
admin:{every}_redirect                302  302  302  302  302  302  302  302  302  302  302
"""


def rows() -> Iterator[tuple[str, tuple[int, ...]]]:
    """(address as written, status by person)."""
    for name in PUBLIC.split():
        yield name, (200,) * len(WHO)
    for line in TABLE.strip().splitlines()[1:]:
        if line:
            name, *cells = line.rsplit(maxsplit=len(WHO))
            yield name, tuple(int(cell) for cell in cells)


@cache
def spelt_out() -> dict[str, tuple[int, ...]]:
    """One entry an address. Rows of groups give way to rows of one address."""
    table: dict[str, tuple[int, ...]] = {}
    for name, expected in sorted(rows(), key=lambda row: ("{" in row[0]) + ("{every}" in row[0])):
        front, _, rest = name.partition("{")
        group, _, back = rest.partition("}")
        for member in GROUPS[group].split() if group else [""]:
            table.setdefault(f"{front}{member}{back}", expected)
    return table
