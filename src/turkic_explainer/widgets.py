"""The widgets of ipywidgets, which is loaded when the first is made: a page, a check and paper need none."""


def __getattr__(name: str):
    import ipywidgets

    return getattr(ipywidgets, name)
