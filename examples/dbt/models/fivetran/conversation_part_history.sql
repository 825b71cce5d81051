select
    id, part_type, body, conversation_id, conversation_updated_at, author_id, author_type, assigned_to_id,
    assigned_to_type, created_at, updated_at, {{ fivetran_columns() }}
from {{ ref('stg_intercom__conversation_parts') }}
