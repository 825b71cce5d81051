select id, name, job_title, {{ fivetran_columns() }}
from {{ ref('stg_intercom__admins') }}
