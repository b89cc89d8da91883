"""The warehouse that the settings name."""

from flows.settings import Settings
from storage.warehouse import Warehouse


def warehouse(settings: Settings) -> Warehouse:
    """It, with the archive where the settings say."""
    return Warehouse(settings.data_folder, settings.elsewhere)
