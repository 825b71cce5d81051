select
    id, help_center_id, parent_id, name, description, url, icon, "order", 'collection' as type, default_locale,
    workspace_id, created_at, updated_at, {{ fivetran_columns() }}
from {{ ref('stg_intercom__collections') }}
