from lipei.kit.apps import Chapter


class Risk(Chapter):
    name = "lipei.ch08_risk"
    label = "risk"
