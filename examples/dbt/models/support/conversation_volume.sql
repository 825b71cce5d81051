with moments as (
    select
        extract(isodow from {{ local_time('created_at') }}) as weekday,
        extract(hour from {{ local_time('created_at') }}) as hour,
        delivered_as
    from {{ ref('conversations') }}
),

hours as (
    select
        weekdays.weekday,
        hours.hour,
        (array['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])[weekdays.weekday]
            as weekday_name
    from generate_series(1, 7) as weekdays(weekday)
    cross join generate_series(0, 23) as hours(hour)
    where exists (select 1 from moments)
)

select
    cast(hours.weekday as integer) as weekday,
    hours.weekday_name,
    cast(hours.hour as integer) as hour,
    count(moments.weekday) as conversations,
    count(moments.weekday) filter (where moments.delivered_as = 'customer_initiated') as from_contacts
from hours
left join moments on moments.weekday = hours.weekday and moments.hour = hours.hour
group by hours.weekday, hours.weekday_name, hours.hour
