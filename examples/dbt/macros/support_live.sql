{# The conversations, contacts or tickets that are still there, for a FROM clause. A ticket that is a conversation too goes
   with it; nothing tells when others go. #}
{% macro live(stream) %}
    {% set gone = 'inactive_contacts' if stream == 'contacts' else 'deleted_conversations' %}
    {% do return(
        '(select held.* from ' ~ ref('stg_intercom__' ~ stream) ~ ' as held left join ' ~ ref('stg_intercom__' ~ gone)
        ~ ' as gone on gone.id = held.id where gone.id is null)'
    ) %}
{% endmacro %}
