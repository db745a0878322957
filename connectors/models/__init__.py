from connectors.models.connectors import Connector, Fetch

__all__ = ["Connector", "Fetch"]
