select
    id, name, website, industry, created_at, updated_at, user_count, session_count, monthly_spend, plan_id, plan_name,
    {{ fivetran_columns() }}
from {{ ref('stg_intercom__companies') }}
