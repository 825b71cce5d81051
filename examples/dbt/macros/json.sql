{# What is at a path of a JSON value, be it JSON, JSONB or text: `json_text(expression, 'author', 'id')`. Null where there
   is nothing, or JSON's null. #}

{% macro json_text(expression) %}
    {% do return(adapter.dispatch('json_text', 'intercom')(expression, varargs)) %}
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

{# The items of the list at a path, as rows: `cross join lateral {{ json_array_elements(…) }} as each(item)`. #}
{% macro json_array_elements(expression) %}
    {% do return(adapter.dispatch('json_array_elements', 'intercom')(expression, varargs)) %}
{% endmacro %}

{# A value as the engine's type for JSON. #}
{% macro json_of(expression) %}
    {% do return(adapter.dispatch('json_of', 'intercom')(expression)) %}
{% endmacro %}


{% macro postgres__json_of(expression) %}
    {% do return('cast(' ~ expression ~ ' as jsonb)') %}
{% endmacro %}

{% macro postgres__json_text(expression, path) %}
    {% do return('(' ~ json_of(expression) ~ " #>> '{" ~ path | join(',') ~ "}')") %}
{% endmacro %}

{% macro postgres__json_array_elements(expression, path) %}
    {% set value = '(' ~ json_of(expression) ~ " #> '{" ~ path | join(',') ~ "}')" %}
    {% do return(
        "jsonb_array_elements(case when jsonb_typeof(" ~ value ~ ") = 'array' then " ~ value ~ " end)"
    ) %}
{% endmacro %}


{% macro duckdb__json_of(expression) %}
    {% do return('cast(' ~ expression ~ ' as json)') %}
{% endmacro %}

{% macro duckdb__json_text(expression, path) %}
    {% do return('json_extract_string(' ~ json_of(expression) ~ ", '" ~ (['$'] + path | list) | join('.') ~ "')") %}
{% endmacro %}

{% macro duckdb__json_array_elements(expression, path) %}
    {% set value = 'json_extract(' ~ json_of(expression) ~ ", '" ~ (['$'] + path | list) | join('.') ~ "')" %}
    {% do return(
        "unnest(case when json_type(" ~ value ~ ") = 'ARRAY' then cast(" ~ value ~ " as json[]) end)"
    ) %}
{% endmacro %}
