"""Chapter 6's endpoints: the company's branches and people."""

from lipei.ch06_systems.people_api import router

__all__ = ["router"]
