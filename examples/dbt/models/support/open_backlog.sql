{% set day = 24 * 60 * 60 %}
{% set buckets = [('under 1 day', 1), ('1 to 3 days', 3), ('3 to 7 days', 7), ('7 to 30 days', 30), ('over 30 days', none)] %}
with open_conversations as (
    select
        *,
        case
            {% for _, days in buckets if days %}
            when backlog_age_seconds < {{ days * day }} then {{ loop.index }}
            {% endfor %}
            else {{ buckets | length }}
        end as age_bucket_order
    from {{ ref('conversations') }}
    where is_open
)

select
    coalesce(team_id, '0') as team_id,
    coalesce(team_name, team_id, 'None') as team_name,
    case age_bucket_order
        {% for name, _ in buckets %}
        when {{ loop.index }} then '{{ name }}'
        {% endfor %}
    end as age_bucket,
    age_bucket_order,
    count(*) as conversations,
    count(waiting_since) as waiting,
    count(*) filter (where state = 'snoozed') as snoozed,
    min(created_at) as oldest_created_at
from open_conversations
group by 1, 2, 3, 4
