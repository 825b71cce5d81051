{# What Fivetran's package asks every table. Tables have one row of each key, so that all are active but those that the
   option apply_deletes has marked, where a destination keeps these. #}
{% macro fivetran_columns(deleted='false') %}
    {% do return(
        '_airbyte_extracted_at as _fivetran_synced, not (' ~ deleted ~ ') as _fivetran_active, '
        ~ deleted ~ ' as _fivetran_deleted'
    ) %}
{% endmacro %}


{# The links of a link stream that have not been taken away: they are as new as what they belong to (docs/streams.md). #}
{% macro live_links(stream, parents) %}
    {% set parent = parents[:-1] %}
    {% do return(
        '(select links.* from ' ~ ref('stg_intercom__' ~ stream) ~ ' as links join ' ~ ref('stg_intercom__' ~ parents)
        ~ ' as parents on parents.id = links.' ~ parent ~ '_id and parents.updated_at = links.' ~ parent ~ '_updated_at)'
    ) %}
{% endmacro %}
