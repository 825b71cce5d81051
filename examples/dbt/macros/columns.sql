{# Columns of a stream, each as the type that is named after it: `columns('tags', id='text', created_at='moment')`. #}
{% macro columns(stream) %}
    {% set selected = [] %}
    {% for name, type in kwargs.items() %}
        {% set column = moment(stream, name) if type == 'moment' else field(stream, name, type) %}
        {% do selected.append(column ~ ' as ' ~ adapter.quote(name)) %}
    {% endfor %}
    {% do return(selected | join(',\n    ')) %}
{% endmacro %}


{# What a JSON value has in it at a path, as columns: `members(expression, 'source_', id='text')`. #}
{% macro members(expression, prefix, path=[]) %}
    {% set readers = {
        'text': json_text, 'bigint': json_integer, 'double precision': json_number, 'boolean': json_boolean,
        'moment': json_moment, 'json': json_value,
    } %}
    {% set selected = [] %}
    {% for name, type in kwargs.items() %}
        {% set value = readers[type](expression, *(path + [name])) %}
        {% do selected.append(value ~ ' as ' ~ adapter.quote(prefix ~ name)) %}
    {% endfor %}
    {% do return(selected | join(',\n    ')) %}
{% endmacro %}
