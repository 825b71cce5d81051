select
    {{ columns('contact_subscriptions',
        contact_id='text', id='text', consent='text', contact_updated_at='moment'
    ) }}
from {{ stream('contact_subscriptions') }}
