{% set no_id, no_name = "'0'", "'None'" %}
with dimensions as (
    select conversation_id, 'all' as dimension, {{ no_id }} as dimension_id, 'All' as dimension_name
    from {{ ref('conversations') }}
    {% for dimension in ('team', 'admin', 'company') %}
    union all
    select
        conversation_id,
        '{{ dimension }}',
        coalesce({{ dimension }}_id, {{ no_id }}),
        coalesce({{ dimension }}_name, {{ dimension }}_id, {{ no_name }})
    from {{ ref('conversations') }}
    {% endfor %}
    union all
    select
        conversation.conversation_id,
        'tag',
        coalesce(tag.tag_id, {{ no_id }}),
        coalesce(tag.tag_name, tag.tag_id, {{ no_name }})
    from {{ ref('conversations') }} as conversation
    left join {{ ref('live_conversation_tags') }} as tag on tag.conversation_id = conversation.conversation_id
)

select
    {{ week_of('conversation.created_at') }} as week,
    dimension,
    dimension_id,
    max(dimension_name) as dimension_name,
    count(*) as conversations,
    count(first_admin_reply_at) as answered,
    {{ percentile(0.5, 'first_response_seconds') }} as median_first_response_seconds,
    {{ percentile(0.9, 'first_response_seconds') }} as p90_first_response_seconds,
    {{ percentile(0.5, 'first_response_office_seconds') }} as median_first_response_office_seconds,
    count(*) filter (where state = 'closed') as closed,
    {{ percentile(0.5, 'resolution_seconds') }} as median_resolution_seconds,
    count(*) filter (where reopens > 0) as reopened,
    cast({{ share_of('reopens > 0') }} as double precision) as reopen_rate,
    count(rating) as rated,
    cast({{ share_of('rating is not null') }} as double precision) as rated_share,
    cast(avg(rating) as double precision) as mean_rating
from dimensions
join {{ ref('conversations') }} as conversation on conversation.conversation_id = dimensions.conversation_id
group by 1, 2, 3
