select
    {{ columns('message_receipts',
        receipt_id='text', received_at='moment', ruleset_id='text', content_id='text',
        content_type='text', content_title='text', first_open='moment', first_click='moment', first_reply='moment',
        first_completion='moment', first_dismissal='moment', first_answer='moment', first_tour_step_view='moment',
        first_unsubscribe='moment', first_hard_bounce='moment', first_soft_bounce='moment'
    ) }}
from {{ stream('message_receipts') }}
