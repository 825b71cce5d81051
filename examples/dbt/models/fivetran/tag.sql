select id, name, {{ fivetran_columns() }}
from {{ ref('stg_intercom__tags') }}
