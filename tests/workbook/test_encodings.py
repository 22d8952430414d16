"""Code pages that share most of their bytes are told by what words of each language hold."""

import pytest

from tierbook.workbook.encodings import encoding_of

LISTS = [
    ("cp1250", "Nazwa;Cena\nŻółty kubek ceramiczny;12\nŚwieczka z łąki;9\nBiały mały;3\n"),
    ("cp1250", "Název;Cena\nHrnek modrý velký;120\nSvíčka z včelího vosku;90\nDřevěná lžíce;4\n"),
    ("cp1250", "Név;Ár\nKék bögre, gyönyörű;1200\nSzőlő őszi gyertya;900\n"),
    ("cp1254", "İsim;Fiyat\nKırmızı kupa büyük;12\nGüneş gözlüğü şık çanta;9\n"),
    ("cp1252", "Nom;Prix\nTasse bleue d'été à fleurs;12\nBougie forêt œuvre août;9\n"),
    ("cp1252", "Name;Preis\nGrüne Tasse für süße Träume;4\nFläche 3 m², 5 m³;4\n"),
    ("cp1252", "Navn;Pris\nRød kop på hjul, æske;4\n"),
    ("cp1252", "Nome;Preço\nCaneca azul coração, não põe;4\n"),
    ("cp1252", "Nombre;Precio\nTaza niño, ¿qué año?;3\nCafé España;4\n"),
    ("cp1252", "Nome;Prezzo\nTazza blu città, perché così;4\n"),
    ("cp1252", "Nafn;Verð\nÞetta er bolli með íslenskum stöfum, ný á;3\n"),
    ("cp1252", "Nimi;Hind\nSõrmus, õun, täht, köök;3\n"),
]


@pytest.mark.parametrize(("encoding", "text"), LISTS)
def test_neighbouring_code_pages_are_told_apart(encoding: str, text: str) -> None:
    """Czech, Polish, Hungarian and Turkish lists are not read as Western ones, nor the reverse."""
    assert encoding_of(text.encode(encoding)) == (encoding, b"", True)
