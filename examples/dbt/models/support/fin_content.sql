with used as (
    select distinct link.conversation_id, link.content_type, link.title, link.url, link.locale
    from {{ live_links('conversation_ai_sources', 'conversations') }} as link
)

select
    used.content_type,
    used.title,
    used.url,
    used.locale,
    count(*) as conversations,
    count(*) filter (where conversation.fin_resolved) as fin_resolved,
    cast({{ share_of('conversation.fin_resolved') }} as double precision) as fin_resolution_rate
from used
join {{ ref('conversations') }} as conversation on conversation.conversation_id = used.conversation_id
group by used.content_type, used.title, used.url, used.locale
