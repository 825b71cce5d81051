select
    id, owner_id as admin_id, created_at, updated_at, signed_up_at, name, role, email, last_replied_at,
    last_email_clicked_at, last_email_opened_at, last_contacted_at, unsubscribed_from_emails,
    {{ fivetran_columns(deleted='_ab_cdc_deleted_at is not null') }}
from {{ ref('stg_intercom__contacts') }}
