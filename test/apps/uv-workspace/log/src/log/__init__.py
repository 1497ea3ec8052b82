def entries():
    """The entries of the ship's log."""
    return ["set sail", "saw land"]
