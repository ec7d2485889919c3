"""What a release lets one know: readings with limits, trends, effects, answers, who is most alike."""
