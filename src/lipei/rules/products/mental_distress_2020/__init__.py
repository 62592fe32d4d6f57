"""Mental distress of third parties 附加精神损害抚慰金责任险: an add-on to the liability cover."""
