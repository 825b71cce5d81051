select
    {{ week_of('created_at') }} as week,
    count(*) as conversations,
    count(*) filter (where fin_participated) as fin_conversations,
    cast({{ share_of('fin_participated') }} as double precision) as fin_share,
    count(*) filter (where fin_resolved) as fin_resolved,
    cast(avg(case when fin_participated then case when fin_resolved then 1.0 else 0.0 end end) as double precision)
        as fin_resolution_rate,
    count(*) filter (where fin_resolution_state = 'escalated') as fin_escalated,
    cast(avg(fin_rating) as double precision) as fin_mean_rating
from {{ ref('conversations') }}
group by 1
