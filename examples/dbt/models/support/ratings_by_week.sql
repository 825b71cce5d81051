select
    {{ week_of('rated_at') }} as week,
    count(*) as ratings,
    cast(avg(rating) as double precision) as mean_rating,
    cast({{ share_of('rating >= 4') }} as double precision) as positive_share,
    {% for score in range(1, 6) %}
    count(*) filter (where rating = {{ score }}) as rating_{{ score }},
    {% endfor %}
    count(rating_remark) as with_remark
from {{ ref('conversations') }}
where rating is not null
group by 1
