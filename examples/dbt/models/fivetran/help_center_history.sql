select
    id, display_name, identifier, workspace_id, website_turned_on, created_at, updated_at, {{ fivetran_columns() }}
from {{ ref('stg_intercom__help_centers') }}
