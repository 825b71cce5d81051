{# A contact who has done any of these has the message, whatever bounced before: soft bounces are tried again. #}
{% set arrivals = ['open', 'click', 'reply', 'completion', 'unsubscribe', 'dismissal', 'answer', 'tour_step_view'] %}
{% set bounces = ['hard_bounce', 'soft_bounce'] %}
{% set failures = ['reception_failure', 'push_failure', 'sms_failure', 'whatsapp_failure', 'webhook_failure'] %}
{% set no_id = "'0'" %}
with receipts as (
    select
        receipt.*,
        {{ week_of('receipt.received_at') }} as week,
        coalesce(receipt.ruleset_id, {{ no_id }}) as message,
        coalesce(receipt.content_id, {{ no_id }}) as content
    from {{ ref('stg_intercom__message_receipts') }} as receipt
    where receipt.received_at is not null
),

{# A receipt tells of the first of each kind, the events of all, also of kinds of which no receipt tells; either may be missing. #}
happened as (
    select receipt_id, event
    from {{ ref('stg_intercom__message_events') }}
    {% for event in arrivals + bounces %}
    union all
    select receipt_id, '{{ event }}'
    from receipts
    where first_{{ event }} is not null
    {% endfor %}
),

outcomes as (
    select
        receipt_id,
        {% for event in arrivals %}
        bool_or(event = '{{ event }}') as has_{{ event }},
        {% endfor %}
        bool_or(event in ('{{ arrivals | join("', '") }}')) as has_arrived,
        bool_or(event in ('{{ bounces | join("', '") }}')) as has_bounced,
        bool_or(event in ('{{ failures | join("', '") }}')) as has_failed
    from happened
    group by receipt_id
),

{# Titles change: of those that receipts of a content have, the one that was sent last. #}
names as (
    select distinct on (message, content) message, content, content_title, content_type
    from receipts
    order by message, content, content_title is null, received_at desc, {{ by_number('receipt_id') }}
),

counts as (
    select
        receipts.week,
        receipts.message,
        receipts.content,
        count(*) as sent,
        count(*) filter (where has_arrived or not coalesce(has_bounced or has_failed, false)) as delivered,
        count(*) filter (where has_open) as opened,
        count(*) filter (where has_click) as clicked,
        count(*) filter (where has_reply) as replied,
        count(*) filter (where has_completion) as completed,
        count(*) filter (where has_unsubscribe) as unsubscribed,
        count(*) filter (where has_bounced) as bounced,
        count(*) filter (where has_failed) as failed
    from receipts
    left join outcomes on outcomes.receipt_id = receipts.receipt_id
    group by 1, 2, 3
)

select
    counts.week,
    counts.message as ruleset_id,
    counts.content as content_id,
    names.content_title as title,
    names.content_type as type,
    {% for count in ('sent', 'delivered', 'opened', 'clicked', 'replied', 'completed', 'unsubscribed', 'bounced', 'failed') %}
    counts.{{ count }},
    {% endfor %}
    cast(counts.delivered as double precision) / counts.sent as delivery_rate,
    {% for rate, count in {
        'open': 'opened', 'click': 'clicked', 'reply': 'replied', 'completion': 'completed', 'unsubscribe': 'unsubscribed',
    }.items() %}
    cast(counts.{{ count }} as double precision) / nullif(counts.delivered, 0) as {{ rate }}_rate,
    {% endfor %}
    cast(counts.bounced as double precision) / counts.sent as bounce_rate
from counts
join names on names.message = counts.message and names.content = counts.content
