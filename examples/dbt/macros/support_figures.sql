{# The value below which that share of the values is, of those that are known. #}
{% macro percentile(share, value) %}
    {% do return('percentile_cont(' ~ share ~ ') within group (order by ' ~ value ~ ')') %}
{% endmacro %}


{# The share of rows for which a condition holds, 0 to 1, of those for which it is known. #}
{% macro share_of(condition) %}
    {% do return('avg(case when ' ~ condition ~ ' then 1.0 when not (' ~ condition ~ ') then 0.0 end)') %}
{% endmacro %}


{# What orders ids by their numbers: they are numbers as text. #}
{% macro by_number(id) %}
    {% do return('length(' ~ id ~ '), ' ~ id) %}
{% endmacro %}
