{{ config(materialized='view') }}

select conversation.*
from {{ ref('stg_intercom__conversations') }} as conversation
left join {{ ref('stg_intercom__deleted_conversations') }} as deleted on deleted.id = conversation.id
where deleted.id is null
