select
    id, created_at, updated_at,
    nullif(admin_assignee_id, '0') as assignee_id,
    case when admin_assignee_id <> '0' then 'admin' end as assignee_type,
    rating_rating as conversation_rating_value,
    rating_remark as conversation_rating_remark,
    first_contact_reply_created_at, first_contact_reply_type, read, sla_sla_name as sla_name,
    sla_sla_status as sla_status, snoozed_until, source_author_id, source_author_type, source_body,
    source_delivered_as, source_subject, source_type, state, waiting_since,
    {{ fivetran_columns(deleted='_ab_cdc_deleted_at is not null') }}
from {{ ref('stg_intercom__conversations') }}
