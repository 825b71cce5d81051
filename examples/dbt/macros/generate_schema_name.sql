{# The schemas are named as dbt_project.yml says, without the target's before them: Fivetran's package looks for one by its name. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
