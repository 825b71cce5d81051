select team_id, admin_id, {{ fivetran_columns() }}
from {{ ref('stg_intercom__team_admins') }}
