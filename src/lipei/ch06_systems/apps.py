from lipei.kit.apps import Chapter


class Systems(Chapter):
    name = "lipei.ch06_systems"
    label = "systems"
