{# Of the stream that lists them and, with the option apply_deletes, of the rows that say so themselves, where the
   destination has kept those. #}
select {{ field('deleted_conversations', 'id', 'text') }} as id
from {{ stream('deleted_conversations') }}
union
select id
from {{ ref('stg_intercom__conversations') }}
where _ab_cdc_deleted_at is not null
