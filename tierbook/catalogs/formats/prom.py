"""Prom.ua's product file, in Ukrainian and Russian; its characteristics repeat three headings."""

from tierbook.catalogs.format import Format, Grouping, State

FORMATS = (
    Format(
        name="Prom.ua",
        signature=(
            ("Код_товару", "Код_товара"),
            ("Назва_позиції", "Название_позиции"),
            ("Ціна", "Цена"),
        ),
        fields={
            "sku": ("Код_товару", "Код_товара", "Артикул"),
            "name": (
                "Назва_позиції",
                "Название_позиции",
                "Назва_позиції_укр",
                "Название_позиции_укр",
            ),
            "category": ("Назва_групи", "Название_группы"),
            "price": ("Ціна", "Цена"),
            "currency": ("Валюта",),
            "stock": ("Кількість", "Количество"),
            "tags": ("Пошукові_запити", "Поисковые_запросы"),
            "url": ("Продукт_на_сайті", "Продукт_на_сайте"),
            "gtin": ("Код_маркування_(GTIN)", "Код_маркировки_(GTIN)"),
        },
        images=("Посилання_зображення", "Ссылка_изображения"),
        separators=",",
        states=(State(("Наявність", "Наличие"), {}),),
        grouping=Grouping(product=("ID_групи_різновидів", "ID_группы_разновидностей")),
    ),
)
