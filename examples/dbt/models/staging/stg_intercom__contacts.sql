select
    {{ columns('contacts',
        id='text', external_id='text', role='text', name='text', email='text', phone='text', owner_id='text',
        created_at='moment', updated_at='moment', signed_up_at='moment', last_seen_at='moment',
        last_replied_at='moment', last_contacted_at='moment', last_email_opened_at='moment',
        last_email_clicked_at='moment', unsubscribed_from_emails='boolean', _ab_cdc_deleted_at='moment',
        _airbyte_extracted_at='moment'
    ) }}
from {{ stream('contacts') }}
