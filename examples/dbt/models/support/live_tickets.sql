{{ config(materialized='view') }}

{# A ticket that is a conversation too goes with it; nothing tells when others go. #}
select ticket.*
from {{ ref('stg_intercom__tickets') }} as ticket
left join {{ ref('stg_intercom__deleted_conversations') }} as deleted on deleted.id = ticket.id
where deleted.id is null
