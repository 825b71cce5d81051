{# The moment as of which ages are counted: the variable as_of, an ISO time with its zone, or else that of the run. #}
{% macro as_of() %}
    {% if var('as_of', none) %}
        {% do return("cast('" ~ var('as_of') ~ "' as timestamp with time zone)") %}
    {% endif %}
    {% do return('current_timestamp') %}
{% endmacro %}


{# Whole seconds from one moment to another. Their difference would be an interval, whose days need not be 24 hours. #}
{% macro seconds_between(start, end) %}
    {% do return('cast(extract(epoch from ' ~ end ~ ') - extract(epoch from ' ~ start ~ ') as bigint)') %}
{% endmacro %}


{# A moment as the clock shows it in the variable time_zone, whatever the zone of the session is. #}
{% macro local_time(moment) %}
    {% do return('(' ~ moment ~ " at time zone '" ~ var('time_zone', 'UTC') ~ "')") %}
{% endmacro %}


{# The Monday of the week of a moment, a date. #}
{% macro week_of(moment) %}
    {% do return("cast(date_trunc('week', " ~ local_time(moment) ~ ') as date)') %}
{% endmacro %}
