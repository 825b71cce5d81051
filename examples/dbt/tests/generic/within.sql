{# Values that are less than the minimum or greater than the maximum; null is neither. #}
{% test within(model, column_name, minimum=none, maximum=none) %}
    select {{ column_name }}
    from {{ model }}
    where false
    {% if minimum is not none %} or {{ column_name }} < {{ minimum }} {% endif %}
    {% if maximum is not none %} or {{ column_name }} > {{ maximum }} {% endif %}
{% endtest %}
