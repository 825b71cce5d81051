{# What is at a path of a JSON value, be it JSON, JSONB or text: `json_text(expression, 'author', 'id')`; a number in a path
   is a place in a list. Null where there is nothing, or JSON's null. #}

{% macro json_text(expression) %}
    {% do return(adapter.dispatch('json_text', 'intercom')(json_of(expression), varargs)) %}
{% endmacro %}

{% macro json_number(expression) %}
    {% do return('cast(' ~ json_text(expression, *varargs) ~ ' as double precision)') %}
{% endmacro %}

{# By way of a number that may have decimals, which PostgreSQL takes for no bigint. #}
{% macro json_integer(expression) %}
    {% do return('cast(' ~ json_number(expression, *varargs) ~ ' as bigint)') %}
{% endmacro %}

{% macro json_boolean(expression) %}
    {% do return('cast(' ~ json_text(expression, *varargs) ~ ' as boolean)') %}
{% endmacro %}

{# Seconds, or an ISO time, as timestamptz. #}
{% macro json_moment(expression) %}
    {% do return(moment_in_text(json_text(expression, *varargs))) %}
{% endmacro %}

{# A part that is JSON itself. #}
{% macro json_value(expression) %}
    {% do return(adapter.dispatch('json_value', 'intercom')(json_of(expression), varargs)) %}
{% endmacro %}

{# The items of the list at a path, as rows: `cross join lateral {{ json_array_elements(…) }} as each(item)`. #}
{% macro json_array_elements(expression) %}
    {% do return(adapter.dispatch('json_array_elements', 'intercom')(json_value(expression, *varargs))) %}
{% endmacro %}

{# A value as the engine's type for JSON. #}
{% macro json_of(expression) %}
    {% do return('cast(' ~ expression ~ ' as ' ~ ('jsonb' if target.type == 'postgres' else 'json') ~ ')') %}
{% endmacro %}


{% macro postgres__json_text(value, path) %}
    {% do return('(' ~ value ~ " #>> '{" ~ path | join(',') ~ "}')") %}
{% endmacro %}

{% macro postgres__json_value(value, path) %}
    {% do return("nullif(" ~ value ~ " #> '{" ~ path | join(',') ~ "}', 'null')") %}
{% endmacro %}

{% macro postgres__json_array_elements(list) %}
    {% do return("jsonb_array_elements(case when jsonb_typeof(" ~ list ~ ") = 'array' then " ~ list ~ ' end)') %}
{% endmacro %}


{% macro duckdb__json_text(value, path) %}
    {% do return('json_extract_string(' ~ value ~ ", '" ~ duckdb_path(path) ~ "')") %}
{% endmacro %}

{% macro duckdb__json_value(value, path) %}
    {% do return('nullif(json_extract(' ~ value ~ ", '" ~ duckdb_path(path) ~ "'), 'null')") %}
{% endmacro %}

{% macro duckdb__json_array_elements(list) %}
    {% do return('unnest(case when json_type(' ~ list ~ ") = 'ARRAY' then cast(" ~ list ~ ' as json[]) end)') %}
{% endmacro %}

{% macro duckdb_path(path) %}
    {% set steps = ['$'] %}
    {% for step in path %}
        {% do steps.append('[' ~ step ~ ']' if step is number else '.' ~ step) %}
    {% endfor %}
    {% do return(steps | join) %}
{% endmacro %}
