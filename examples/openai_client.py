"""Pullquote behind OpenAI's own client: start `pullquote serve`, then python examples/openai_client.py ADDRESS/v1."""

import sys

from openai import OpenAI

client = OpenAI(base_url=sys.argv[1], api_key="none is needed on this machine")
question = {"role": "user", "content": "What does Grushko demand?"}
print(client.chat.completions.create(model="pullquote", messages=[question]).choices[0].message.content)
