{{ config(materialized='view') }}

select contact.*
from {{ ref('stg_intercom__contacts') }} as contact
left join {{ ref('stg_intercom__inactive_contacts') }} as inactive on inactive.id = contact.id
where inactive.id is null
