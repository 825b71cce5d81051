{{ config(materialized='view') }}

{# Messages that the contact sees; notes are for teammates, and what has no text is no message. #}
select
    conversation_id,
    count(*) filter (where author_type in ('user', 'lead', 'contact')) as contact_replies,
    count(*) filter (where author_type = 'admin') as admin_replies,
    count(*) filter (where author_type = 'bot') as bot_replies
from {{ ref('stg_intercom__conversation_parts') }}
where body is not null and part_type <> 'note'
group by conversation_id
