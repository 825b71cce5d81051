{# The table of a stream, for a FROM clause: one without rows where the stream was not selected, so that all models build.
   Unlike a subquery, it may go without an alias in every PostgreSQL. #}
{% macro stream(name) %}
    {% do return(relation_of(name) or 'generate_series(1, 0)') %}
{% endmacro %}


{# The relation of a stream's table, or none. #}
{% macro relation_of(stream) %}
    {# outside of `if execute`, so that dbt sees the dependency when it parses #}
    {% set declared = source('intercom', stream) %}
    {% if execute %}
        {% do return(adapter.get_relation(declared.database, declared.schema, declared.identifier)) %}
    {% endif %}
    {% do return(none) %}
{% endmacro %}


{# The types of a stream's columns, by name, in lower case; asked for once in a model. #}
{% macro columns_of(stream) %}
    {% set known = model.setdefault('columns_of_streams', {}) %}
    {% if stream not in known %}
        {% set relation = relation_of(stream) %}
        {% set columns = {} %}
        {% for column in (adapter.get_columns_in_relation(relation) if relation else []) %}
            {% do columns.update({column.name: column.dtype | lower}) %}
        {% endfor %}
        {% do known.update({stream: columns}) %}
    {% endif %}
    {% do return(known[stream]) %}
{% endmacro %}


{# A column of a stream as text, bigint, double precision, boolean or json; null where the table has no such column. #}
{% macro field(stream, name, type, alias=none) %}
    {% set found = columns_of(stream).get(name) %}
    {% set column = qualified(name, alias) %}
    {% if type == 'json' %}
        {% do return(json_of(column if found else 'null')) %}
    {% elif not found %}
        {% do return('cast(null as ' ~ type ~ ')') %}
    {% elif found in ('json', 'jsonb') %}
        {% do return('cast(' ~ json_text(column) ~ ' as ' ~ type ~ ')') %}
    {% endif %}
    {% do return('cast(' ~ column ~ ' as ' ~ type ~ ')') %}
{% endmacro %}


{# A time of a stream as timestamptz, whatever its column is: timestamps with or without a zone, which is UTC then, Unix
   seconds (the option time_format), or either of them as text. #}
{% macro moment(stream, name, alias=none) %}
    {% set found = columns_of(stream).get(name) %}
    {% set column = qualified(name, alias) %}
    {% if not found %}
        {% do return('cast(null as timestamp with time zone)') %}
    {% elif found in ('json', 'jsonb') %}
        {% do return(json_moment(column)) %}
    {% elif found in ('text', 'varchar') or found.startswith('character') %}
        {% do return(moment_in_text(column)) %}
    {% elif found in ('timestamp with time zone', 'timestamptz') %}
        {% do return(column) %}
    {% elif found.startswith('timestamp') %}
        {% do return('(' ~ column ~ " at time zone 'UTC')") %}
    {% endif %}
    {% do return('to_timestamp(cast(' ~ column ~ ' as double precision))') %}
{% endmacro %}


{# Seconds or an ISO time, as text, as timestamptz. #}
{% macro moment_in_text(text) %}
    {%- do return(
        "case when " ~ text ~ " like '____-%' then cast(" ~ text ~ " as timestamp with time zone)"
        ~ " else to_timestamp(cast(" ~ text ~ " as double precision)) end"
    ) -%}
{% endmacro %}


{% macro qualified(name, alias) %}
    {% do return((alias ~ '.' if alias else '') ~ adapter.quote(name)) %}
{% endmacro %}
