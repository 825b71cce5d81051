with links as (
    select link.company_id, link.id as tag_id, company.updated_at as company_updated_at, link._airbyte_extracted_at
    from {{ ref('stg_intercom__company_tags') }} as link
    left join {{ ref('stg_intercom__companies') }} as company on company.id = link.company_id
)

select company_id, tag_id, company_updated_at, {{ fivetran_columns() }}
from links
