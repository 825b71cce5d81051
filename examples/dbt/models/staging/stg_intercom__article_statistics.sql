select
    {{ columns('article_statistics',
        article_id='text', type='text', views='bigint', conversations='bigint', reactions='bigint',
        happy_reaction_percentage='double precision', neutral_reaction_percentage='double precision',
        sad_reaction_percentage='double precision', _airbyte_extracted_at='moment'
    ) }}
from {{ stream('article_statistics') }}
