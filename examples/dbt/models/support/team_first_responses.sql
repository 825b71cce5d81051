with responses as (
    {% for column in ('assigned_team_first_response_time', 'assigned_team_first_response_time_in_office_hours') %}
    select
        conversation.id as conversation_id,
        {{ json_text('item', 'team_id') }} as team_id,
        {{ json_text('item', 'team_name') }} as team_name,
        {% if loop.first %}
        {{ json_integer('item', 'response_time') }} as response_seconds,
        cast(null as bigint) as response_office_seconds
        {% else %}
        cast(null as bigint) as response_seconds,
        {{ json_integer('item', 'response_time') }} as response_office_seconds
        {% endif %}
    from {{ live('conversations') }} as conversation
    cross join lateral {{ json_array_elements('conversation.' ~ column) }} as each(item)
    {% if not loop.last %} union all {% endif %}
    {% endfor %}
)

select
    conversation_id,
    team_id,
    max(team_name) as team_name,
    min(response_seconds) as response_seconds,
    min(response_office_seconds) as response_office_seconds
from responses
group by conversation_id, team_id
